import { selectActionEnv } from '@aws-delivery/node-runner/job/action-environment';
import type { Agent } from './agent.js';
import { type Keys, toKeyEnv } from './connection.js';

type Environment = Readonly<Record<string, string>>;

/** How an agent that was configured with a proxy or an authority of its own says so; tools know other names. */
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

/** The toolkit's variable for the Region, where the environment names none. */
const getRegionEnv = (agent: Agent): Environment => {
  const value = agent.env['AWS_REGION'] || agent.getVariable('AWS.Region');
  return value ? { AWS_REGION: value } : {};
};

const omitProfile = (env: Environment): Environment => {
  const { AWS_PROFILE: _, AWS_DEFAULT_PROFILE: __, ...others } = env;
  return others;
};

/**
 * What an action sees of the agent's environment. Keys come before a profile: SDKs would go by the profile, and leave
 * the keys aside.
 * @param named further variables to let through
 */
export const buildActionEnv = (agent: Agent, keys: Keys | undefined, extraPatterns: readonly string[]): Environment => {
  const env = { ...getAgentNetworkEnv(agent), ...selectActionEnv(agent.env, extraPatterns), ...getRegionEnv(agent) };
  if (keys !== undefined) return { ...omitProfile(env), ...toKeyEnv(keys) };
  return env['AWS_ACCESS_KEY_ID'] ? omitProfile(env) : env;
};
