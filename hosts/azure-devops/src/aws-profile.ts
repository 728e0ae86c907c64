import { existsSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { formatSection } from '@aws-delivery/action-kit/files/ini-section';
import { readRegularFileSync } from '@aws-delivery/action-kit/files/regular-file';
import type { Env } from '@aws-delivery/action-kit/util/env';

export const PROFILE_NAME = 'aws-delivery';

/** The profile starts at this line, so that a second task of the job replaces the profile of the first. */
const PROFILE_MARKER = '# AWS Delivery: credentials of this job, removed with it';

/** Undefined without a home directory. */
const findConfigPath = (env: Env): string | undefined => {
  const home = env['HOME'] || env['USERPROFILE'];
  return env['AWS_CONFIG_FILE'] || (home ? join(home, '.aws', 'config') : undefined);
};

const readExisting = (path: string | undefined): string =>
  path !== undefined && existsSync(path) && path !== devNull ? readRegularFileSync(path).toString('utf8') : '';

const PROFILE_SETTINGS = {
  aws_access_key_id: 'AWS_ACCESS_KEY_ID',
  aws_secret_access_key: 'AWS_SECRET_ACCESS_KEY',
  aws_session_token: 'AWS_SESSION_TOKEN',
  region: 'AWS_REGION',
} as const;

/**
 * Writes a copy of the machine's AWS configuration with one more profile to a private directory, since scripts do not
 * get secret variables.
 * @param exported variables exported by oidc-credentials
 * @returns AWS_CONFIG_FILE and AWS_PROFILE
 */
export const writeProfile = (directory: string, exported: Env, env: Env): Record<string, string> => {
  const [existing = ''] = readExisting(findConfigPath(env)).split(PROFILE_MARKER);
  const settings = Object.entries(PROFILE_SETTINGS).flatMap(([name, variable]) => {
    const value = exported[variable];
    return value ? [[name, value] as const] : [];
  });
  const path = join(directory, 'aws-config');
  const section = `${PROFILE_MARKER}\n${formatSection(`profile ${PROFILE_NAME}`, Object.fromEntries(settings))}`;
  writeFileSync(path, existing.trim() === '' ? section : `${existing.trimEnd()}\n\n${section}`, { mode: 0o600 });
  return { AWS_CONFIG_FILE: path, AWS_PROFILE: PROFILE_NAME };
};
