export const outputs = {
  deployments: {
    help: 'Everything that was asked for, as JSON: tenant, environment, profile, state (`unchanged`, `complete`, `deployed`, `started`, `planned`, `failed`, `rolled-back`, `reverted`, `unfinished`, `not-started`), reason, version, label, deployment number, times, until when it can be reverted.',
  },
  changed: { help: 'How many deployments got where they should; in a preview: how many there would be.' },
  skipped: { help: 'How many had nothing to change.' },
  failed: { help: 'How many failed, are unfinished, or were not begun.' },
  'rolled-back': { help: 'How many were rolled back or reverted.' },
  versions: {
    help: 'The version of each profile in each environment after this run, as JSON: `{"tenant/environment/profile": "12"}`.',
  },
} as const;
