import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../platform/project-folder.js';

// The two READMEs say the same: whoever changes one is told to change the other.

const read = (file: string) => readFileSync(path.join(projectFolder, file), 'utf8');
const [english, korean] = [read('README.md'), read('README.ko.md')];

const FENCED = /^```(\w+)\n(.*?)^```$/gms;
const withoutBlocks = (text: string) => text.replaceAll(FENCED, '');
const sortedSet = (found: Iterable<string>) => [...new Set(found)].sort();

const headingLevels = (text: string) =>
  [...withoutBlocks(text).matchAll(/^(#+) /gm)].map(([, marks]) => marks?.length);

/** Commands and what they print, without the comments beside them; a diagram's words are its own. */
const blocks = (text: string) =>
  [...text.matchAll(FENCED)].map(([, language, content = '']) =>
    language === 'mermaid' ? 'mermaid' : content.replaceAll(/ +# .*$/gm, ''),
  );

const inlineCode = (text: string) =>
  sortedSet([...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code));

/** Except for links from one README to the other, to its own parts, and to the product owner's text, which is Korean. */
const linkTargets = (text: string) =>
  sortedSet([...withoutBlocks(text).matchAll(/\]\(([^)#][^)]*)\)/g)].map(([, target = '']) => target)).filter(
    (target) => !['README.md', 'README.ko.md', 'docs/saga-flow.ko.md'].includes(target),
  );

const tableRows = (text: string) => withoutBlocks(text).match(/^\|/gm)?.length;

test.each([
  ['headings', headingLevels],
  ['commands', blocks],
  ['names in code', inlineCode],
  ['links', linkTargets],
  ['rows of tables', tableRows],
] as const)('both READMEs have the same %s', (_, partsOf) => {
  expect(partsOf(korean)).toEqual(partsOf(english));
});
