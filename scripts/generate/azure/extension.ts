import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { formatTaskName } from '@aws-delivery/azure-devops/azure-names';

export interface ExtensionOptions {
  readonly version: string;
  /** URL of the repository. */
  readonly homepage: string;
}

const buildContribution = ({ name, description }: Definition): object => ({
  id: formatTaskName(name),
  type: 'ms.vss-distributed-task.task',
  targets: ['ms.vss-distributed-task.tasks'],
  description,
  properties: { name: `tasks/${formatTaskName(name)}` },
});

/** The manifest of the extension with one contribution per action, for Azure DevOps Services and Server 2019 or later. */
export const renderExtensionJson = (
  definitions: readonly Definition[],
  { version, homepage }: ExtensionOptions,
): string => {
  const manifest = {
    manifestVersion: 1,
    id: 'aws-delivery',
    publisher: 'aws-delivery',
    version,
    name: 'AWS Delivery',
    description:
      'Deliver to AWS: credentials through OIDC, AWS Health gate, code review, ECR, CloudFormation and AppConfig',
    public: false,
    targets: [
      { id: 'Microsoft.VisualStudio.Services.Cloud' },
      { id: 'Microsoft.TeamFoundation.Server', version: '[17.0,)' },
    ],
    scopes: [],
    categories: ['Azure Pipelines'],
    tags: ['AWS', 'CloudFormation', 'AppConfig', 'ECR', 'OIDC', 'AWS Health'],
    icons: { default: 'images/extension.png' },
    content: { details: { path: 'README.md' }, license: { path: 'LICENSE' } },
    links: { support: { uri: `${homepage}/issues` }, license: { uri: `${homepage}/blob/main/LICENSE` } },
    repository: { type: 'git', uri: homepage },
    files: definitions.map(({ name }) => ({ path: `tasks/${formatTaskName(name)}` })),
    contributions: definitions.map(buildContribution),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
};
