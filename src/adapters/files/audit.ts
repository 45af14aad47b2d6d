import { appendFile } from 'node:fs/promises';
import type { Audit, Log } from '../../domain/ports.js';

/** One JSON line for each event, appended; the file is readable by its owner alone. */
export function makeAudit(file: string, log: Log): Audit {
  return {
    async record({ at, ...event }) {
      const line = `${JSON.stringify({ at: new Date(at).toISOString(), ...event })}\n`;
      try {
        await appendFile(file, line, { mode: 0o600 });
      } catch (error) {
        // The work goes on: a full disk must not stop the mending of a cluster. The line is kept in the log.
        log.error({ err: error, audit: event }, 'the audit file could not be written');
      }
    },
  };
}
