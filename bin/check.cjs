'use strict';
// The first thing that every npm script runs, in words that an old Node understands.
var wanted = require('../package.json').engines.node.match(/\d+/g).map(Number);
var found = process.versions.node.split('.').map(Number);
var isOld = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1]);

if (isOld)
  refuse(
    'Node ' + wanted.join('.') + ' or newer',
    'Node ' + found.join('.'),
    'nvm install 24 (or nodejs.org)',
  );
if (process.platform === 'win32')
  refuse('Linux or macOS', 'Windows', 'wsl --install, and in its shell npm ci && npm start');

function refuse(expected, was, advice) {
  console.error('cannot start:\nexpected ' + expected + '\n  found ' + was + '; install it: ' + advice);
  process.exit(1);
}
