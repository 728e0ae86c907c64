import { GetHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import type { AppConfig } from '../appconfig/client.js';
import type { Deployment } from '../appconfig/deployments.js';
import type { ProfileType } from '../appconfig/resources.js';
import { type Content, parseDeployedContent } from '../desired/documents/content.js';
import { decodeUtf8 } from '../desired/workspace-files.js';

/**
 * Reads the hosted version of a deployment. Undefined for a version of an external source, and for content that is not
 * UTF-8 or does not parse as its content type.
 */
export const readDeployedContent = async (
  { client }: AppConfig,
  applicationId: string,
  { profileId, version }: Pick<Deployment, 'profileId' | 'version'>,
  type: ProfileType,
): Promise<Content | undefined> => {
  if (!/^\d+$/.test(version)) return undefined;
  const { Content: bytes = new Uint8Array(), ContentType: contentType = '' } = await client.send(
    new GetHostedConfigurationVersionCommand({
      ApplicationId: applicationId,
      ConfigurationProfileId: profileId,
      VersionNumber: Number(version),
    }),
  );
  const text = decodeUtf8(bytes);
  return text === undefined ? undefined : parseDeployedContent(text, contentType, type);
};
