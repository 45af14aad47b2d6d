// `npm start`: the playground where nothing is configured, else the bot.
import { fileURLToPath } from 'node:url';

const TOKENS = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN_FILE', 'SLACK_APP_TOKEN_FILE'];
const args = process.argv.slice(2);

if (isConfigured()) {
  const program = new URL('../dist/src/main.js', import.meta.url);
  process.argv = [process.argv[0], fileURLToPath(program), 'start', ...args];
  await import(program.href);
} else {
  await import('../dist/infra/playground/main.js');
}

function isConfigured() {
  const named = args.some((arg) => arg === '--config' || arg.startsWith('--config='));
  return named || [...TOKENS, 'STEWARD_CONFIG'].some((name) => process.env[name]);
}
