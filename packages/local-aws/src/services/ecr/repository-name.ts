/** ECR's pattern of repository names (API_CreateRepository, `repositoryName`). */
export const REPOSITORY_NAME = '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*';

export const isRepositoryName = (name: string): boolean =>
  name.length >= 2 && name.length <= 256 && new RegExp(`^${REPOSITORY_NAME}$`).test(name);
