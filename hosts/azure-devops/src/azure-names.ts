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

/**
 * An input's or output's name on Azure DevOps, `roleArn` for `role-arn`: a task's inputs are letters and digits (the
 * pattern of the task schema), variables letters, digits, points and underscores. Case means nothing there.
 */
export const toAzureName = (name: string): string =>
  name.replaceAll(/-([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/[^A-Za-z0-9._]/g, '_');
