/**
 * Members of responses that the actions read and that botocore 1.29.41 (January 2023) does not know, by service. An older
 * API and other emulators omit them. `scripts/test/response-members.test.ts` holds the list of all members to them.
 */
export const NEWER_MEMBERS = {
  appconfig: ['ConfigurationProfileId', 'KmsKeyIdentifier', 'Type', 'VersionLabel'],
  cloudformation: [
    'DeletionMode',
    'DeploymentConfig',
    'DeploymentMode',
    'Drift',
    'ImportExistingResources',
    'LastOperations',
    'OnStackFailure',
    'OperationId',
    'PolicyAction',
    'StackDriftStatus',
  ],
  ecr: ['imageTagMutabilityExclusionFilters'],
  health: ['actionability', 'personas'],
} as const;

/** Operations that are newer than 2022. Without them, the service rejects the call. */
export const NEWER_OPERATIONS = {
  cloudformation: ['DescribeEvents', 'GetHookResult', 'ListHookResults'],
} as const;
