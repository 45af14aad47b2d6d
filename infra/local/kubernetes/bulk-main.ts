import { startKubernetes } from './start.js';

/*
 * A program of its own, for benchmarks that measure the memory of who asks: node bulk-main.js PODS EVENTS HANGING.
 * Prints one line of JSON when it can be asked, and ends when its standard input does.
 */
const [pods = 10_000, events = 50_000, hanging = 200] = process.argv.slice(2).map(Number);
const kubernetes = await startKubernetes();
for (let index = 0; index < 100; index++) kubernetes.addNode({ name: `bulk-node-${index}` });
kubernetes.addBulk({ pods, events, hanging });
const { url, token, context } = kubernetes;
process.stdout.write(`${JSON.stringify({ url, token, context, kubeconfig: kubernetes.kubeconfig() })}\n`);
process.stdin.resume();
process.stdin.once('end', () => void kubernetes.stop().then(() => process.exit(0)));
