/**
 * An input's or output's name on Azure DevOps, `roleArn` for `role-arn`: a task's inputs are letters and digits (the
 * pattern of the task schema), variables are letters, digits, points and underscores. Case is ignored.
 */
export const toAzureName = (name: string): string =>
  name.replaceAll(/-([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/[^A-Za-z0-9._]/g, '_');
