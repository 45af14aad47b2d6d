import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { freePort, freePorts } from '../../../infra/local/ports.js';
import { until } from '../../../infra/local/until.js';

describe('until', () => {
  it('returns what the condition gives', async () => {
    const answers = [undefined, 0, 'there'];
    expect(await until(() => answers.shift(), { what: 'there is an answer', everyMs: 1 })).toBe('there');
  });

  it('names what was waited for, and the last error', async () => {
    const failing = until(() => Promise.reject(new Error('refused')), {
      what: 'it is up',
      timeoutMs: 20,
      everyMs: 5,
    });
    await expect(failing).rejects.toThrow('Waited 20 ms in vain until it is up: refused');
  });

  it('does not wait for ever on a condition that hangs', async () => {
    const hanging = until(() => new Promise<boolean>(() => {}), { what: 'it is up', timeoutMs: 20 });
    await expect(hanging).rejects.toThrow('until it is up');
  });
});

describe('free ports', () => {
  it('can be listened on', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await new Promise((resolve) => server.close(resolve));
  });

  it('differ from each other', async () => {
    expect(new Set(await freePorts(20)).size).toBe(20);
  });
});
