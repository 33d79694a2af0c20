import { startWorld } from '../../demo-site/world/index.ts';

/** A process that starts a world, says where it is, and never stops it. Its first argument says how it ends. */
const { pid } = await startWorld();
console.log(pid);
if (process.argv[2] === 'exit') process.exit();
if (process.argv[2] === 'throw') throw new Error('on purpose');
