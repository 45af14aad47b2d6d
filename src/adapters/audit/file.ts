import { open, type FileHandle } from 'node:fs/promises';

const LINE_END = 10;

/**
 * Appends lines in one write, so that those of several processes never mix; opened anew each time, so that the file may be
 * moved away when it is long. What a crash or a full disk has cut off in the middle is left as a line of its own. Answers
 * how many of the lines stand there whole, from the first one on.
 */
export async function appendLines(file: string, lines: readonly string[]): Promise<number> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const start = (await endsTorn(handle)) ? '\n' : '';
    const text = Buffer.from(`${start}${lines.map((line) => `${line}\n`).join('')}`);
    const { bytesWritten } = await handle.write(text);
    if (bytesWritten === text.length) return lines.length;
    const whole = lineEndsIn(text.subarray(start.length, bytesWritten));
    if (whole === 0) throw new Error('only a part of the line could be written');
    return whole;
  } finally {
    await handle.close();
  }
}

function lineEndsIn(text: Buffer): number {
  return text.reduce((count, byte) => (byte === LINE_END ? count + 1 : count), 0);
}

/** True: the last line has no end. */
async function endsTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== LINE_END;
}
