import { readFileSync } from 'node:fs';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';

export const dockerfileText = readFileSync('Dockerfile', 'utf8');

const instructions = DockerfileParser.parse(dockerfileText).getInstructions();

/** An instruction of the image itself, the last stage, which has it once. */
export function ofTheImage(keyword: string): string {
  const start = instructions.findLastIndex((instruction) => instruction.getKeyword() === 'FROM');
  const found = argumentsOf(keyword, instructions.slice(start));
  if (found.length !== 1) throw new Error(`the image has ${found.length} times ${keyword}`);
  return found[0] ?? '';
}

/** What follows a keyword, flags included, wherever it is; a long one as one line. */
export const argumentsOf = (keyword: string, among: readonly Instruction[] = instructions) =>
  among
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) =>
      instruction
        .getTextContent()
        .slice(keyword.length)
        .trim()
        .replaceAll(/\\\n\s*/g, ''),
    );

/** The program that a command is given to; a list, since a shell would keep the stop signal for itself. */
export const entrypoint = JSON.parse(ofTheImage('ENTRYPOINT')) as readonly string[];

/** What the image sets for every program. */
export const imageEnvironment: Readonly<Record<string, string>> = Object.fromEntries(
  argumentsOf('ENV').map((setting) => setting.split('=') as [string, string]),
);
