import { ApiModel } from './api-model.js';
import { appconfig, appconfigdata } from './services/appconfig.js';
import { cloudformation } from './services/cloudformation.js';
import { codeguruReviewer, inspector2 } from './services/code-analysis.js';
import { ecr, ecrPublic } from './services/ecr.js';
import { cloudwatch, health, ssm } from './services/operations.js';
import { s3 } from './services/s3.js';
import { iam, secretsmanager, sts } from './services/security.js';

/** The API models of all known services; add new services here. */
export const createApiModel = (): ApiModel =>
  new ApiModel([
    sts,
    iam,
    cloudformation,
    s3,
    secretsmanager,
    health,
    ssm,
    cloudwatch,
    appconfig,
    appconfigdata,
    ecr,
    ecrPublic,
    codeguruReviewer,
    inspector2,
  ]);
