import type { HelpOption } from './blocks/help.js';

/** Of every change. */
export const REASON: HelpOption = {
  name: 'reason',
  value: 'TEXT',
  summary: 'why, for the approvers and for the record; left out, I ask for it',
};

export const DRY_RUN: HelpOption = {
  name: 'dry-run',
  summary: 'shows the plan and the facts it stands on, and starts nothing',
};

/** Of pausing and resuming. */
export const WHY: HelpOption = {
  name: 'reason',
  value: 'TEXT',
  summary: 'why, for everybody who looks at a card; left out, I ask for it',
};

export const ALL: HelpOption = { name: 'all', summary: 'every cluster, not only those of this channel' };

/** Of muting. */
export const RULE: HelpOption = {
  name: 'rule',
  value: 'RULE',
  summary: 'one alert rule alone; left out, every rule of the cluster',
};
