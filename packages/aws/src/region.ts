import { partition } from '@aws-sdk/core/client';

/** The partition of a Region: `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`…; `aws` for unknown ones. */
export const getPartition = (region: string): string => partition(region).name;

/** The domain of a Region's endpoints: `amazonaws.com`, `amazonaws.com.cn`, `amazonaws.eu`… */
export const getDnsSuffix = (region: string): string => partition(region).dnsSuffix;

// Source: https://docs.aws.amazon.com/general/latest/gr/endpoints.html and the corresponding page of each partition.
// The isolated partitions publish no console domain.
const CONSOLE_DOMAINS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** The URL of a console page; `path` starts with a slash. Undefined for partitions without a public console. */
export const getConsoleUrl = (region: string, path: string): string | undefined => {
  const domain = CONSOLE_DOMAINS[getPartition(region)];
  return domain === undefined ? undefined : `https://${region}.${domain}${path}`;
};
