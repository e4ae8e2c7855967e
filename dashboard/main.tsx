import { render } from 'preact';
import { App } from './app.js';
import './styles/main.css';

// The page itself knows where a view was left.
history.scrollRestoration = 'manual';
const page = document.getElementById('page');
if (page) render(<App />, page);
