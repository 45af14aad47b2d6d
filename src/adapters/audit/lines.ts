import { createReadStream } from 'node:fs';
import type { Line } from './report.js';

const LINE_END = 10;

/** The lines of these files, one after the other. Only a line feed ends one: texts may hold other ends of lines. */
export async function* linesOf(files: readonly string[]): AsyncGenerator<Line> {
  for (const file of files) {
    let number = 0;
    for await (const text of splitted(createReadStream(file))) yield { file, number: ++number, text };
  }
}

async function* splitted(chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    const bytes = chunk as Buffer;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
      yield Buffer.concat([...rest, bytes.subarray(from, end)]).toString('utf8');
      rest = [];
      from = end + 1;
    }
    rest.push(bytes.subarray(from));
  }
  const last = Buffer.concat(rest).toString('utf8');
  if (last !== '') yield last;
}
