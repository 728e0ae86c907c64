import { ApiModel } from './api-model.js';
import { appconfig, appconfigdata } from './services/appconfig.js';
import { cloudformation } from './services/cloudformation.js';
import { cloudwatch } from './services/cloudwatch.js';
import { codeguruReviewer } from './services/codeguru-reviewer.js';
import { ecr } from './services/ecr.js';
import { ecrPublic } from './services/ecr-public.js';
import { health } from './services/health.js';
import { iam } from './services/iam.js';
import { inspector2 } from './services/inspector2.js';
import { s3 } from './services/s3.js';
import { secretsmanager } from './services/secretsmanager.js';
import { ssm } from './services/ssm.js';
import { sts } from './services/sts.js';

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
