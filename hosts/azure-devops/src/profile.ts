import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** The profile's name. */
export const profileName = 'aws-delivery';

/** Everything after it is ours, so that a second task of a job puts its own in place of the first one's. */
const mark = '# AWS Delivery: credentials of this job, removed with it';

const configFile = (environment: Variables): string =>
  environment['AWS_CONFIG_FILE'] || join(environment['HOME'] || environment['USERPROFILE'] || '', '.aws', 'config');

const settings = {
  aws_access_key_id: 'AWS_ACCESS_KEY_ID',
  aws_secret_access_key: 'AWS_SECRET_ACCESS_KEY',
  aws_session_token: 'AWS_SESSION_TOKEN',
  region: 'AWS_REGION',
} as const;

/**
 * Writes a copy of the machine's AWS configuration with one profile more into a private folder: scripts see no secret
 * variables, but they see where a file lies.
 * @param exported what oidc-credentials exported
 * @returns the variables that lead tools to the profile
 */
export const writeProfile = (folder: string, exported: Variables, environment: Variables): Record<string, string> => {
  const given = configFile(environment);
  const [before = ''] = (existsSync(given) ? readFileSync(given, 'utf8') : '').split(mark);
  const lines = Object.entries(settings).flatMap(([name, variable]) => {
    const value = exported[variable];
    return value ? [`${name} = ${value}`] : [];
  });
  const path = join(folder, 'aws-config');
  const section = `${mark}\n[profile ${profileName}]\n${lines.join('\n')}\n`;
  writeFileSync(path, before.trim() === '' ? section : `${before.trimEnd()}\n\n${section}`, { mode: 0o600 });
  return { AWS_CONFIG_FILE: path, AWS_PROFILE: profileName };
};
