/** Words that are not written as a sentence's other words are. */
const SPELLINGS: Readonly<Record<string, string>> = {
  appconfig: 'AppConfig',
  cloudformation: 'CloudFormation',
  codeguru: 'CodeGuru',
  ecr: 'ECR',
  oidc: 'OIDC',
};

const capitalise = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** The task of an action, as pipelines name it: `AWSDeliveryCloudFormationDeploy`. */
export const formatTaskName = (action: string): string =>
  `AWSDelivery${action
    .split('-')
    .map((word) => SPELLINGS[word] ?? capitalise(word))
    .join('')}`;
