import { beforeEach, describe, expect, it } from '@jest/globals';
import { webApi } from '@slack/bolt';
import { TargetError } from '../../src/domain/errors.js';
import { makeMessenger, type Messenger } from '../../src/slack/messenger.js';

let uploads: object[];
let messenger: Messenger;

beforeEach(() => {
  uploads = [];
  const client = new webApi.WebClient('xoxb-none');
  client.filesUploadV2 = async (to) => {
    uploads.push(to);
    return { ok: true, files: [] };
  };
  messenger = makeMessenger(client, {
    png: async (svg) => {
      if (svg === 'broken') throw new TargetError('failed', 'painter', 'the picture could not be drawn');
      return new Uint8Array([1, 2, svg.length]);
    },
  });
});

const to = { channel: 'C1', thread: '1.2' };
const name = 'sizes.png';

describe('a file', () => {
  it('of text is uploaded as it is', async () => {
    await messenger.upload({ channel: 'C1' }, { name: 'members.txt', title: 'Members', content: 'm1' });
    expect(uploads).toEqual([{ channel_id: 'C1', filename: 'members.txt', title: 'Members', content: 'm1' }]);
  });

  it('of a picture is painted first, and has words for those who can’t see it', async () => {
    await messenger.upload(to, { name, title: 'Full soon', content: '<svg/>', picture: true });
    const file = Buffer.from([1, 2, 6]);
    const words = { title: 'Full soon', alt_text: 'Full soon' };
    expect(uploads).toEqual([{ channel_id: 'C1', thread_ts: '1.2', filename: name, file, ...words }]);
  });

  it('that can’t be painted is refused for good, and nothing is uploaded', async () => {
    const sent = await messenger.upload(to, { name, title: 'x', content: 'broken', picture: true });
    expect(sent).toEqual({ ok: false, kind: 'refused', error: 'the picture could not be drawn' });
    expect(uploads).toEqual([]);
  });
});
