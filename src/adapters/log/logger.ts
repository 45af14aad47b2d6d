import { pino } from 'pino';
import type { Log } from '../../domain/ports.js';

/** JSON lines on standard output. Secrets never reach a log call; what might carry one by mistake is cut here. */
export function makeLog(level: string, role: string): Log {
  const redact = { paths: ['*.password', '*.token', '*.key', '*.authorization'], censor: '[secret]' };
  return pino({ level, base: { role }, redact });
}
