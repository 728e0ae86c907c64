/** Words whose spelling is not their capitalised form. */
const SPELLINGS: Readonly<Record<string, string>> = {
  appconfig: 'AppConfig',
  cloudformation: 'CloudFormation',
  codeguru: 'CodeGuru',
  ecr: 'ECR',
  oidc: 'OIDC',
};

const capitalise = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** The name of an action's task: `AWSDeliveryCloudFormationDeploy`. */
export const formatTaskName = (action: string): string =>
  `AWSDelivery${action
    .split('-')
    .map((word) => SPELLINGS[word] ?? capitalise(word))
    .join('')}`;
