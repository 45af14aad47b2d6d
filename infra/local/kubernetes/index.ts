export type { AddressInUse } from './calico/ipam.js';
export type { Faults, FaultFilter } from './faults.js';
export type { PolicyRule } from './identities.js';
export type { LoggedRequest } from './requests.js';
export { playgroundScene, type Scene, type SceneOptions } from './scene.js';
export { startKubernetes } from './start.js';
export type * from './types.js';
export type { Fate } from './world/fates.js';
export type { Pace } from './world/world.js';
