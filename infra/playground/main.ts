import { join } from 'node:path';
import type { Mood } from './pods.js';
import { setStage, type Stage } from './stage.js';

const PARENT_EVERY_MS = 500;

const MOODS: Readonly<Record<Mood, string>> = {
  flooding: '',
  refused: '▸ calico-demo is full: new pods get no address, and hang in ContainerCreating.',
  calm: '▸ pods get their addresses again.',
};

let ended = false;

/** The incident, replayed: sets the stage, says what to try, and takes everything down again when it ends. */
await play();

async function play(): Promise<void> {
  const ending = endOf();
  try {
    const stage = await Promise.race([
      setStage({ say, onMood: (mood) => say(MOODS[mood]) }),
      ending.begun.then(() => null),
    ]);
    if (!stage) process.exit(0);
    welcome(stage);
    await Promise.race([ending.begun, lament(stage).then(() => ending.begun)]);
    ended = true;
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
  calico-demo fills up. Nobody has noticed yet; the bot will.

  Open   ${slack.pageUrl}archives/${slack.channels['platform'] ?? ''}

  Watch #platform for two minutes: the forecast, the warning, then NOSPACE, all in one message and its thread.
  You act as Olga, the operator ("Act as", on top, makes you somebody else). Five things to try:

    1.  open the thread        what happened, when, and a picture of it
    2.  press Diagnose         which pods hang, why, and what filled etcd; /etcd pods says it shorter
    3.  press Propose fix      it asks why, then shows the plan in the same thread
    4.  press Approve          as Olga it is refused; as Anna or Ben it starts
    5.  see it through         every step with its result, writes go through again, the pods run, the incident resolves

  The person's own way: /etcd status, /etcd diagnose, /etcd fix; the bot's Home shows it all at a glance. What fills it:
  /etcd keys, /etcd churn, /etcd calico. Afterwards: /etcd history tells who did what, /etcd help names the rest.
  Nora may do nothing: try any of it as her. Ctrl-C ends it all and leaves nothing behind.
`);
}
