import { passedEnvironment } from '@aws-delivery/node-runner/cli/passed-environment';
import type { Agent } from './agent.js';
import { type Keys, keyVariables } from './connection.js';

type Environment = Readonly<Record<string, string>>;

/** How an agent that was configured with a proxy or an authority of its own says so; tools know other names. */
const agentNetwork = (agent: Agent): Environment => {
  const address = agent.variable('Agent.ProxyUrl');
  const authority = agent.variable('Agent.CAInfo');
  const proxy = address
    ? withLogin(address, agent.variable('Agent.ProxyUsername'), agent.variable('Agent.ProxyPassword'))
    : '';
  return {
    ...(proxy === '' ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }),
    ...(authority ? { NODE_EXTRA_CA_CERTS: authority } : {}),
  };
};

const withLogin = (address: string, username = '', password = ''): string => {
  const url = new URL(address);
  url.username = encodeURIComponent(username);
  url.password = encodeURIComponent(password);
  return url.href;
};

/** The toolkit's variable for the Region, where the environment names none. */
const region = (agent: Agent): Environment => {
  const value = agent.variables['AWS_REGION'] || agent.variable('AWS.Region');
  return value ? { AWS_REGION: value } : {};
};

const withoutProfile = (environment: Environment): Environment => {
  const { AWS_PROFILE: _, AWS_DEFAULT_PROFILE: __, ...others } = environment;
  return others;
};

/**
 * What an action sees of the agent's environment. Keys come before a profile: SDKs would go by the profile, and leave
 * the keys aside.
 * @param named further variables to let through
 */
export const machineOf = (agent: Agent, keys: Keys | undefined, named: readonly string[]): Environment => {
  const passed = { ...agentNetwork(agent), ...passedEnvironment(agent.variables, named), ...region(agent) };
  if (keys !== undefined) return { ...withoutProfile(passed), ...keyVariables(keys) };
  return passed['AWS_ACCESS_KEY_ID'] ? withoutProfile(passed) : passed;
};
