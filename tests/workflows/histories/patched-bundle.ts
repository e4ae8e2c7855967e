import { readFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import type { Patch } from '../../../core/simulation/build.js';
import { projectFolder } from '../../../platform/project-folder.js';

/** The bundled workflows as they are. */
export const presentBundle = (): string => readFileSync(process.env['TEST_WORKFLOW_BUNDLE'] ?? '', 'utf8');

/**
 * The bundled workflows with patched sources. Bundling takes seconds, so the patched modules alone are compiled, and
 * take the place of their like in the bundle. Throws where a patch no longer fits its file.
 */
export function patchedBundle(patches: readonly Patch[]): string {
  const files = [...new Set(patches.map(({ file }) => file))];
  return files.reduce((code, file) => {
    const source = readFileSync(path.join(projectFolder, file), 'utf8');
    return replaceModule(
      code,
      file,
      compile(file, patches.filter((patch) => patch.file === file).reduce(apply, source)),
    );
  }, presentBundle());
}

function apply(source: string, { file, find, replace }: Patch): string {
  if (find === '') return source;
  if (source.split(find).length !== 2) throw new Error(`${file}: expected to find once: ${find}`);
  return source.replace(find, () => replace);
}

/** As CommonJS, with the bundle's names for what the module imports. */
const compile = (file: string, source: string): string =>
  transformSync(source, { loader: 'ts', format: 'cjs', target: 'node20' }).code.replaceAll(
    /\brequire\("(.+?)"\)/g,
    (_, name: string) => `__webpack_require__(${JSON.stringify(idOf(file, name))})`,
  );

const idOf = (importer: string, name: string): string =>
  name.startsWith('.')
    ? `./${path.posix.join(path.posix.dirname(importer), name).replace(/[.]js$/, '.ts')}`
    : `./node_modules/${name}/lib/index.js`;

function replaceModule(code: string, file: string, body: string): string {
  const begin = code.indexOf(`/***/ "./${file}"`);
  const end = code.indexOf('\n/***/ }', begin);
  if (begin < 0 || end < 0) throw new Error(`the bundle holds no ${file}`);
  return `${code.slice(0, begin)}"./${file}"(module, exports, __webpack_require__) {\n${body}${code.slice(end)}`;
}
