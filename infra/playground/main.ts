import { join } from 'node:path';
import { setStage, type Stage } from './stage.js';

const PARENT_EVERY_MS = 500;
const WRITER_EVERY_MS = 1000;

let ended = false;

/** The incident, replayed: sets the stage, says what to try, and takes everything down again when it ends. */
await play();

async function play(): Promise<void> {
  const ending = endOf();
  try {
    const stage = await Promise.race([setStage(say), ending.begun.then(() => null)]);
    if (!stage) process.exit(0);
    welcome(stage);
    const telling = tellWriter(stage);
    await Promise.race([ending.begun, lament(stage).then(() => ending.begun)]);
    ended = true;
    clearInterval(telling);
    say('\n▸ stopping everything and removing the data …');
    await stage.stop();
    process.exit(0);
  } catch (error) {
    say(`\n✗ The playground could not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/** Says where to look when the bot ends by itself; not when we end it. */
async function lament({ bot, directory }: Stage): Promise<void> {
  const code = await bot.ended;
  if (!ended)
    say(`\n✗ The bot has ended with code ${String(code)}; its log: ${join(directory, 'steward.log')}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Ctrl-C, a signal, or the end of the npm that started us, which tells its children nothing. */
function endOf(): { readonly begun: Promise<void> } {
  const parent = process.ppid;
  const begun = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        resolve();
      });
    const timer = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_EVERY_MS);
    timer.unref();
  });
  return { begun };
}

function welcome({ slack }: Stage): void {
  say(`
  calico-demo is full: every write is refused. It is yours to save.

  Open   ${slack.pageUrl}archives/${slack.channels['platform'] ?? ''}

  You act as Olga, the operator ("Act as", on top, makes you somebody else). Four things to try in #platform:

    1.  /etcd status      it is red, and says why
    2.  /etcd diagnose    what is wrong, with the evidence
    3.  /etcd fix         it asks why, then shows the plan; press Approve as Olga (refused), then as Anna or Ben
    4.  open the thread   every step with its result, until writes go through again

  Afterwards: /etcd history tells who did what; /etcd help names the rest, such as backup, defrag, move-leader, pause.
  Each change takes --dry-run. Nora may do nothing: try any of it as her. Ctrl-C ends it all and leaves nothing behind.
`);
}

/** Says when the clients' writes are refused, and when they go through again. */
function tellWriter({ writer }: Stage): NodeJS.Timeout {
  let before = writer.stats();
  let refused = true;
  return setInterval(() => {
    const now = writer.stats();
    const works = now.writes > before.writes;
    if (works && refused) say('▸ calico’s writes go through again.');
    if (!works && !refused && now.refused > before.refused) say('▸ calico’s writes are refused.');
    if (works || now.refused > before.refused) refused = !works;
    before = now;
  }, WRITER_EVERY_MS);
}
