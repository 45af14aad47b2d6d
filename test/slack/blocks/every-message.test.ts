import { describe, expect, test } from '@jest/globals';
import { expectGolden } from '../../golden.js';
import { violations } from '../limits.js';
import { everyMessage } from '../messages.js';

const MESSAGES = Object.entries(everyMessage());

describe('every message', () => {
  test.each(MESSAGES)('%s looks as it was agreed', (name, message) => {
    expectGolden(`slack/blocks/golden/${name}`, message);
  });

  test.each(MESSAGES)('%s keeps Slack’s limits', (_name, message) => {
    expect(violations(message)).toEqual([]);
  });
});
