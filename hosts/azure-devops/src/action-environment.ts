import { selectActionEnv } from '@aws-delivery/node-runner/job/action-environment';
import type { Agent } from './agent.js';
import { type Keys, toKeyEnv } from './connection.js';

type Environment = Readonly<Record<string, string>>;

/** Converts the agent's settings of proxy and certificate authority to the variables that tools read. */
const getAgentNetworkEnv = (agent: Agent): Environment => {
  const proxyUrl = agent.getVariable('Agent.ProxyUrl');
  const caFile = agent.getVariable('Agent.CAInfo');
  const proxy = proxyUrl
    ? withLogin(proxyUrl, agent.getVariable('Agent.ProxyUsername'), agent.getVariable('Agent.ProxyPassword'))
    : '';
  return {
    ...(proxy === '' ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }),
    ...(caFile ? { NODE_EXTRA_CA_CERTS: caFile } : {}),
  };
};

const withLogin = (proxyUrl: string, username = '', password = ''): string => {
  const url = new URL(proxyUrl);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
};

/** The Region from the environment, else from the AWS toolkit's variable. */
const getRegionEnv = (agent: Agent): Environment => {
  const value = agent.env['AWS_REGION'] || agent.getVariable('AWS.Region');
  return value ? { AWS_REGION: value } : {};
};

const omitProfile = (env: Environment): Environment => {
  const { AWS_PROFILE: _, AWS_DEFAULT_PROFILE: __, ...others } = env;
  return others;
};

/**
 * Builds the environment of an action. With keys the profile variables are removed, since SDKs would prefer the
 * profile.
 * @param extraPatterns names of further variables of the agent to pass on; a trailing `*` matches any suffix
 */
export const buildActionEnv = (agent: Agent, keys: Keys | undefined, extraPatterns: readonly string[]): Environment => {
  const env = { ...getAgentNetworkEnv(agent), ...selectActionEnv(agent.env, extraPatterns), ...getRegionEnv(agent) };
  if (keys !== undefined) return { ...omitProfile(env), ...toKeyEnv(keys) };
  return env['AWS_ACCESS_KEY_ID'] ? omitProfile(env) : env;
};
