/**
 * When a handler of a resource type uses a permission that its schema lists. The schema has no such condition: its list is
 * the union over all properties. `action@Property` is used only if the property is set (creation, deletion) or changed
 * (update), `action@-Property` if a member of it is removed; `A|B` names several properties. `arn` is the resource's ARN.
 * @type {Readonly<Record<string, Readonly<Record<string, string>>>>}
 */
export const RESOURCE_PERMISSIONS = {
  'AWS::ApiGateway::RestApi': {
    arn: 'arn:${Partition}:apigateway:${Region}::/restapis*',
    create: 'apigateway:POST apigateway:GET apigateway:PUT@Body|BodyS3Location apigateway:UpdateRestApiPolicy@Policy',
    update: 'apigateway:GET apigateway:PATCH apigateway:PUT@Body|BodyS3Location apigateway:UpdateRestApiPolicy@Policy',
    delete: 'apigateway:DELETE',
  },
  'AWS::AppConfig::Application': {
    arn: 'arn:${Partition}:appconfig:${Region}:${AccountId}:application/*',
    create: 'appconfig:CreateApplication appconfig:GetApplication appconfig:TagResource@Tags',
    update: 'appconfig:UpdateApplication appconfig:TagResource@Tags appconfig:UntagResource@-Tags',
    delete: 'appconfig:GetApplication appconfig:DeleteApplication',
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    arn: 'arn:${Partition}:application-autoscaling:${Region}:${AccountId}:scalable-target/*',
    create:
      'application-autoscaling:RegisterScalableTarget application-autoscaling:DescribeScalableTargets iam:PassRole@RoleARN',
    update:
      'application-autoscaling:RegisterScalableTarget application-autoscaling:DescribeScalableTargets application-autoscaling:PutScheduledAction@ScheduledActions',
    delete: 'application-autoscaling:DeregisterScalableTarget',
  },
  'AWS::CloudWatch::Alarm': {
    arn: 'arn:${Partition}:cloudwatch:${Region}:${AccountId}:alarm:${Name}',
    create: 'cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:TagResource@Tags',
    update:
      'cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:TagResource@Tags cloudwatch:UntagResource@-Tags',
    delete: 'cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms',
  },
  'AWS::DynamoDB::Table': {
    arn: 'arn:${Partition}:dynamodb:${Region}:${AccountId}:table/${Name}',
    create:
      'dynamodb:CreateTable dynamodb:DescribeTable dynamodb:DescribeContinuousBackups dynamodb:TagResource@Tags dynamodb:UpdateTimeToLive@TimeToLiveSpecification dynamodb:UpdateContinuousBackups@PointInTimeRecoverySpecification dynamodb:UpdateContributorInsights@ContributorInsightsSpecification dynamodb:PutResourcePolicy@ResourcePolicy dynamodb:EnableKinesisStreamingDestination@KinesisStreamSpecification kinesis:DescribeStream@KinesisStreamSpecification kinesis:PutRecords@KinesisStreamSpecification dynamodb:ImportTable@ImportSourceSpecification kms:DescribeKey@SSESpecification kms:CreateGrant@SSESpecification',
    update:
      'dynamodb:UpdateTable dynamodb:DescribeTable dynamodb:TagResource@Tags dynamodb:UntagResource@-Tags dynamodb:UpdateTimeToLive@TimeToLiveSpecification dynamodb:UpdateContinuousBackups@PointInTimeRecoverySpecification dynamodb:UpdateContributorInsights@ContributorInsightsSpecification dynamodb:PutResourcePolicy@ResourcePolicy dynamodb:EnableKinesisStreamingDestination@KinesisStreamSpecification kinesis:DescribeStream@KinesisStreamSpecification kinesis:PutRecords@KinesisStreamSpecification kms:DescribeKey@SSESpecification',
    delete: 'dynamodb:DeleteTable dynamodb:DescribeTable',
  },
  'AWS::EC2::SecurityGroup': {
    arn: 'arn:${Partition}:ec2:${Region}:${AccountId}:security-group/*',
    create:
      'ec2:CreateSecurityGroup ec2:DescribeSecurityGroups ec2:AuthorizeSecurityGroupIngress@SecurityGroupIngress ec2:AuthorizeSecurityGroupEgress@SecurityGroupEgress ec2:RevokeSecurityGroupEgress@SecurityGroupEgress ec2:CreateTags@Tags',
    update:
      'ec2:DescribeSecurityGroups ec2:AuthorizeSecurityGroupIngress@SecurityGroupIngress ec2:RevokeSecurityGroupIngress@-SecurityGroupIngress ec2:AuthorizeSecurityGroupEgress@SecurityGroupEgress ec2:RevokeSecurityGroupEgress@-SecurityGroupEgress ec2:CreateTags@Tags ec2:DeleteTags@-Tags',
    delete: 'ec2:DescribeSecurityGroups ec2:DeleteSecurityGroup',
  },
  'AWS::ECR::Repository': {
    arn: 'arn:${Partition}:ecr:${Region}:${AccountId}:repository/${Name}',
    create:
      'ecr:CreateRepository ecr:PutLifecyclePolicy@LifecyclePolicy ecr:SetRepositoryPolicy@RepositoryPolicyText ecr:TagResource@Tags',
    update:
      'ecr:DescribeRepositories ecr:PutLifecyclePolicy@LifecyclePolicy ecr:DeleteLifecyclePolicy@-LifecyclePolicy ecr:SetRepositoryPolicy@RepositoryPolicyText ecr:DeleteRepositoryPolicy@-RepositoryPolicyText ecr:PutImageScanningConfiguration@ImageScanningConfiguration ecr:PutImageTagMutability@ImageTagMutability ecr:TagResource@Tags ecr:UntagResource@-Tags',
    delete: 'ecr:DeleteRepository',
  },
  'AWS::ECS::Cluster': {
    arn: 'arn:${Partition}:ecs:${Region}:${AccountId}:cluster/${Name}',
    create: 'ecs:CreateCluster ecs:DescribeClusters ecs:TagResource@Tags',
    update: 'ecs:UpdateCluster ecs:DescribeClusters ecs:TagResource@Tags ecs:UntagResource@-Tags',
    delete: 'ecs:DeleteCluster ecs:DescribeClusters',
  },
  'AWS::ECS::Service': {
    arn: 'arn:${Partition}:ecs:${Region}:${AccountId}:service/*',
    create:
      'ecs:CreateService ecs:DescribeServices iam:PassRole@Role|LoadBalancers|ServiceConnectConfiguration ecs:TagResource@Tags',
    update: 'ecs:UpdateService ecs:DescribeServices ecs:TagResource@Tags ecs:UntagResource@-Tags',
    delete: 'ecs:DeleteService ecs:DescribeServices',
  },
  'AWS::ECS::TaskDefinition': {
    arn: 'arn:${Partition}:ecs:${Region}:${AccountId}:task-definition/*',
    create: 'ecs:RegisterTaskDefinition iam:PassRole@TaskRoleArn|ExecutionRoleArn ecs:TagResource@Tags',
    update: 'ecs:TagResource@Tags ecs:UntagResource@-Tags',
    delete: 'ecs:DeregisterTaskDefinition',
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    arn: 'arn:${Partition}:elasticloadbalancing:${Region}:${AccountId}:*',
    create:
      'elasticloadbalancing:CreateListener elasticloadbalancing:DescribeListeners elasticloadbalancing:AddTags@Tags',
    update:
      'elasticloadbalancing:ModifyListener elasticloadbalancing:DescribeListeners elasticloadbalancing:AddTags@Tags elasticloadbalancing:RemoveTags@-Tags',
    delete: 'elasticloadbalancing:DeleteListener elasticloadbalancing:DescribeListeners',
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    arn: 'arn:${Partition}:elasticloadbalancing:${Region}:${AccountId}:*',
    create: 'elasticloadbalancing:CreateRule elasticloadbalancing:DescribeRules elasticloadbalancing:AddTags@Tags',
    update:
      'elasticloadbalancing:ModifyRule elasticloadbalancing:DescribeRules elasticloadbalancing:SetRulePriorities@Priority elasticloadbalancing:AddTags@Tags elasticloadbalancing:RemoveTags@-Tags',
    delete: 'elasticloadbalancing:DeleteRule elasticloadbalancing:DescribeRules',
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    arn: 'arn:${Partition}:elasticloadbalancing:${Region}:${AccountId}:loadbalancer/*',
    create:
      'elasticloadbalancing:CreateLoadBalancer elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:ModifyLoadBalancerAttributes@LoadBalancerAttributes elasticloadbalancing:AddTags@Tags',
    update:
      'elasticloadbalancing:ModifyLoadBalancerAttributes@LoadBalancerAttributes elasticloadbalancing:SetSecurityGroups@SecurityGroups elasticloadbalancing:SetSubnets@Subnets|SubnetMappings elasticloadbalancing:AddTags@Tags elasticloadbalancing:RemoveTags@-Tags',
    delete: 'elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DeleteLoadBalancer',
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    arn: 'arn:${Partition}:elasticloadbalancing:${Region}:${AccountId}:targetgroup/*',
    create:
      'elasticloadbalancing:CreateTargetGroup elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:RegisterTargets@Targets elasticloadbalancing:ModifyTargetGroupAttributes@TargetGroupAttributes elasticloadbalancing:AddTags@Tags ec2:DescribeVpcs@VpcId',
    update:
      'elasticloadbalancing:ModifyTargetGroup elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:RegisterTargets@Targets elasticloadbalancing:ModifyTargetGroupAttributes@TargetGroupAttributes elasticloadbalancing:AddTags@Tags elasticloadbalancing:RemoveTags@-Tags',
    delete: 'elasticloadbalancing:DeleteTargetGroup elasticloadbalancing:DescribeTargetGroups',
  },
  'AWS::Events::ApiDestination': {
    arn: 'arn:${Partition}:events:${Region}:${AccountId}:api-destination/${Name}',
    create: 'events:CreateApiDestination events:DescribeApiDestination',
    update: 'events:UpdateApiDestination events:DescribeApiDestination',
    delete: 'events:DeleteApiDestination events:DescribeApiDestination',
  },
  'AWS::Events::Connection': {
    arn: 'arn:${Partition}:events:${Region}:${AccountId}:connection/${Name}',
    create:
      'events:CreateConnection events:DescribeConnection secretsmanager:CreateSecret secretsmanager:PutSecretValue',
    update: 'events:UpdateConnection events:DescribeConnection secretsmanager:UpdateSecret',
    delete: 'events:DeleteConnection events:DescribeConnection',
  },
  'AWS::Events::Rule': {
    arn: 'arn:${Partition}:events:${Region}:${AccountId}:rule/${Name}',
    create:
      'events:PutRule events:DescribeRule events:PutTargets@Targets iam:PassRole@Targets|RoleArn events:TagResource@Tags',
    update:
      'events:PutRule events:DescribeRule events:PutTargets@Targets events:RemoveTargets@-Targets iam:PassRole@Targets|RoleArn events:TagResource@Tags events:UntagResource@-Tags',
    delete: 'events:DeleteRule events:DescribeRule events:ListTargetsByRule events:RemoveTargets@Targets',
  },
  'AWS::IAM::ManagedPolicy': {
    arn: 'arn:${Partition}:iam::${AccountId}:policy/${Name}',
    create: 'iam:CreatePolicy iam:AttachRolePolicy@Roles iam:AttachUserPolicy@Users iam:AttachGroupPolicy@Groups',
    update:
      'iam:GetPolicy iam:ListPolicyVersions iam:CreatePolicyVersion@PolicyDocument iam:DeletePolicyVersion@PolicyDocument iam:AttachRolePolicy@Roles iam:DetachRolePolicy@-Roles',
    delete:
      'iam:GetPolicy iam:ListPolicyVersions iam:ListEntitiesForPolicy iam:DeletePolicy iam:DetachRolePolicy@Roles',
  },
  'AWS::IAM::OIDCProvider': {
    arn: 'arn:${Partition}:iam::${AccountId}:oidc-provider/${Name}',
    create: 'iam:CreateOpenIDConnectProvider iam:GetOpenIDConnectProvider iam:TagOpenIDConnectProvider@Tags',
    update:
      'iam:GetOpenIDConnectProvider iam:AddClientIDToOpenIDConnectProvider@ClientIdList iam:RemoveClientIDFromOpenIDConnectProvider@-ClientIdList iam:UpdateOpenIDConnectProviderThumbprint@ThumbprintList',
    delete: 'iam:DeleteOpenIDConnectProvider',
  },
  'AWS::IAM::Policy': {
    arn: 'arn:${Partition}:iam::${AccountId}:role/*',
    create: 'iam:PutRolePolicy@Roles iam:GetRolePolicy@Roles iam:PutUserPolicy@Users iam:PutGroupPolicy@Groups',
    update: 'iam:PutRolePolicy@PolicyDocument|Roles iam:DeleteRolePolicy@-Roles',
    delete: 'iam:DeleteRolePolicy@Roles iam:DeleteUserPolicy@Users iam:DeleteGroupPolicy@Groups',
  },
  'AWS::IAM::Role': {
    arn: 'arn:${Partition}:iam::${AccountId}:role${Path}${Name}',
    create:
      'iam:CreateRole iam:GetRole iam:PutRolePolicy@Policies iam:GetRolePolicy@Policies iam:AttachRolePolicy@ManagedPolicyArns iam:TagRole@Tags',
    update:
      'iam:UpdateRole@Description|MaxSessionDuration iam:UpdateAssumeRolePolicy@AssumeRolePolicyDocument iam:PutRolePolicy@Policies iam:DeleteRolePolicy@-Policies iam:AttachRolePolicy@ManagedPolicyArns iam:DetachRolePolicy@-ManagedPolicyArns iam:PutRolePermissionsBoundary@PermissionsBoundary iam:DeleteRolePermissionsBoundary@-PermissionsBoundary iam:TagRole@Tags iam:UntagRole@-Tags',
    delete:
      'iam:DeleteRole iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies iam:DeleteRolePolicy@Policies iam:DetachRolePolicy@ManagedPolicyArns',
  },
  'AWS::KMS::Key': {
    arn: 'arn:${Partition}:kms:${Region}:${AccountId}:key/*',
    create: 'kms:CreateKey kms:EnableKeyRotation@EnableKeyRotation kms:TagResource@Tags',
    update:
      'kms:DescribeKey kms:PutKeyPolicy@KeyPolicy kms:UpdateKeyDescription@Description kms:EnableKeyRotation@EnableKeyRotation kms:TagResource@Tags kms:UntagResource@-Tags',
    delete: 'kms:DescribeKey kms:ScheduleKeyDeletion',
  },
  'AWS::Kinesis::Stream': {
    arn: 'arn:${Partition}:kinesis:${Region}:${AccountId}:stream/${Name}',
    create:
      'kinesis:CreateStream kinesis:DescribeStreamSummary kinesis:StartStreamEncryption@StreamEncryption kinesis:IncreaseStreamRetentionPeriod@RetentionPeriodHours kinesis:AddTagsToStream@Tags',
    update:
      'kinesis:DescribeStreamSummary kinesis:UpdateShardCount@ShardCount kinesis:UpdateStreamMode@StreamModeDetails kinesis:StartStreamEncryption@StreamEncryption kinesis:StopStreamEncryption@-StreamEncryption kinesis:IncreaseStreamRetentionPeriod@RetentionPeriodHours kinesis:AddTagsToStream@Tags kinesis:RemoveTagsFromStream@-Tags',
    delete: 'kinesis:DescribeStreamSummary kinesis:DeleteStream',
  },
  'AWS::Lambda::Function': {
    arn: 'arn:${Partition}:lambda:${Region}:${AccountId}:function:${Name}',
    create:
      'lambda:CreateFunction lambda:GetFunction iam:PassRole@Role lambda:PutFunctionConcurrency@ReservedConcurrentExecutions lambda:GetLayerVersion@Layers lambda:TagResource@Tags ec2:DescribeSecurityGroups@VpcConfig ec2:DescribeSubnets@VpcConfig ec2:DescribeVpcs@VpcConfig',
    update:
      'lambda:GetFunction lambda:UpdateFunctionCode@Code|Architectures lambda:UpdateFunctionConfiguration@Description|Environment|EphemeralStorage|Handler|KmsKeyArn|Layers|LoggingConfig|MemorySize|Role|Runtime|Timeout|TracingConfig|VpcConfig iam:PassRole@Role lambda:PutFunctionConcurrency@ReservedConcurrentExecutions lambda:TagResource@Tags lambda:UntagResource@-Tags',
    delete: 'lambda:DeleteFunction lambda:GetFunction',
  },
  'AWS::Lambda::Permission': {
    arn: 'arn:${Partition}:lambda:${Region}:${AccountId}:function:*',
    create: 'lambda:AddPermission',
    delete: 'lambda:RemovePermission',
  },
  'AWS::Lambda::Url': {
    arn: 'arn:${Partition}:lambda:${Region}:${AccountId}:function:*',
    create: 'lambda:CreateFunctionUrlConfig',
    update: 'lambda:UpdateFunctionUrlConfig',
    delete: 'lambda:DeleteFunctionUrlConfig',
  },
  'AWS::Logs::LogGroup': {
    arn: 'arn:${Partition}:logs:${Region}:${AccountId}:log-group:${Name}',
    create:
      'logs:CreateLogGroup logs:DescribeLogGroups logs:PutRetentionPolicy@RetentionInDays logs:PutDataProtectionPolicy@DataProtectionPolicy logs:TagResource@Tags',
    update:
      'logs:DescribeLogGroups logs:PutRetentionPolicy@RetentionInDays logs:DeleteRetentionPolicy@-RetentionInDays logs:AssociateKmsKey@KmsKeyId logs:TagResource@Tags logs:UntagResource@-Tags',
    delete: 'logs:DescribeLogGroups logs:DeleteLogGroup',
  },
  'AWS::S3::Bucket': {
    arn: 'arn:${Partition}:s3:::${Name}',
    create:
      's3:CreateBucket s3:PutBucketTagging@Tags s3:PutEncryptionConfiguration@BucketEncryption s3:PutBucketCORS@CorsConfiguration s3:PutLifecycleConfiguration@LifecycleConfiguration s3:PutBucketNotification@NotificationConfiguration s3:PutBucketWebsite@WebsiteConfiguration s3:PutAccelerateConfiguration@AccelerateConfiguration s3:PutBucketPublicAccessBlock@PublicAccessBlockConfiguration s3:PutReplicationConfiguration@ReplicationConfiguration iam:PassRole@ReplicationConfiguration s3:PutBucketObjectLockConfiguration@ObjectLockConfiguration s3:PutBucketLogging@LoggingConfiguration s3:PutBucketVersioning@VersioningConfiguration s3:PutBucketOwnershipControls@OwnershipControls s3:PutAnalyticsConfiguration@AnalyticsConfigurations s3:PutMetricsConfiguration@MetricsConfigurations s3:PutInventoryConfiguration@InventoryConfigurations s3:PutIntelligentTieringConfiguration@IntelligentTieringConfigurations',
    update:
      's3:PutBucketAcl@AccessControl s3:PutBucketTagging@Tags s3:PutEncryptionConfiguration@BucketEncryption s3:PutBucketCORS@CorsConfiguration s3:PutLifecycleConfiguration@LifecycleConfiguration s3:PutBucketNotification@NotificationConfiguration s3:PutBucketWebsite@WebsiteConfiguration s3:PutAccelerateConfiguration@AccelerateConfiguration s3:PutBucketPublicAccessBlock@PublicAccessBlockConfiguration s3:PutReplicationConfiguration@ReplicationConfiguration s3:PutBucketLogging@LoggingConfiguration s3:PutBucketVersioning@VersioningConfiguration s3:PutBucketOwnershipControls@OwnershipControls s3:PutAnalyticsConfiguration@AnalyticsConfigurations s3:PutMetricsConfiguration@MetricsConfigurations s3:PutInventoryConfiguration@InventoryConfigurations s3:PutIntelligentTieringConfiguration@IntelligentTieringConfigurations',
    delete: 's3:DeleteBucket',
  },
  'AWS::S3::BucketPolicy': {
    arn: 'arn:${Partition}:s3:::${Properties.Bucket}',
    create: 's3:GetBucketPolicy s3:PutBucketPolicy',
    update: 's3:GetBucketPolicy s3:PutBucketPolicy',
    delete: 's3:GetBucketPolicy s3:DeleteBucketPolicy',
  },
  'AWS::SNS::Topic': {
    arn: 'arn:${Partition}:sns:${Region}:${AccountId}:${Name}',
    create: 'sns:CreateTopic sns:GetTopicAttributes sns:Subscribe@Subscription sns:TagResource@Tags',
    update:
      'sns:GetTopicAttributes sns:SetTopicAttributes sns:Subscribe@Subscription sns:Unsubscribe@-Subscription sns:TagResource@Tags sns:UntagResource@-Tags',
    delete: 'sns:GetTopicAttributes sns:DeleteTopic',
  },
  'AWS::SQS::Queue': {
    arn: 'arn:${Partition}:sqs:${Region}:${AccountId}:${Name}',
    create: 'sqs:CreateQueue sqs:GetQueueAttributes sqs:TagQueue@Tags',
    update: 'sqs:SetQueueAttributes sqs:GetQueueAttributes sqs:TagQueue@Tags sqs:UntagQueue@-Tags',
    delete: 'sqs:DeleteQueue sqs:GetQueueAttributes',
  },
  'AWS::SQS::QueuePolicy': {
    arn: 'arn:${Partition}:sqs:${Region}:${AccountId}:*',
    create: 'sqs:SetQueueAttributes',
    update: 'sqs:SetQueueAttributes',
    delete: 'sqs:SetQueueAttributes',
  },
  'AWS::SSM::Parameter': {
    arn: 'arn:${Partition}:ssm:${Region}:${AccountId}:parameter/${Name}',
    create: 'ssm:PutParameter ssm:AddTagsToResource@Tags',
    update: 'ssm:PutParameter ssm:AddTagsToResource@Tags ssm:RemoveTagsFromResource@-Tags',
    delete: 'ssm:DeleteParameter',
  },
  'AWS::SecretsManager::Secret': {
    arn: 'arn:${Partition}:secretsmanager:${Region}:${AccountId}:secret:${Name}-*',
    create:
      'secretsmanager:CreateSecret secretsmanager:DescribeSecret secretsmanager:GetRandomPassword@GenerateSecretString secretsmanager:TagResource@Tags',
    update:
      'secretsmanager:UpdateSecret secretsmanager:GetRandomPassword@GenerateSecretString secretsmanager:TagResource@Tags secretsmanager:UntagResource@-Tags',
    delete: 'secretsmanager:DeleteSecret secretsmanager:DescribeSecret',
  },
  'AWS::StepFunctions::StateMachine': {
    arn: 'arn:${Partition}:states:${Region}:${AccountId}:stateMachine:${Name}',
    create: 'states:CreateStateMachine states:DescribeStateMachine iam:PassRole@RoleArn states:TagResource@Tags',
    update: 'states:UpdateStateMachine iam:PassRole@RoleArn states:TagResource@Tags states:UntagResource@-Tags',
    delete: 'states:DeleteStateMachine states:DescribeStateMachine',
  },
  'AWS::XRay::Group': {
    arn: 'arn:${Partition}:xray:${Region}:${AccountId}:group/*',
    create: 'xray:CreateGroup xray:TagResource@Tags',
    update: 'xray:UpdateGroup xray:TagResource@Tags xray:UntagResource@-Tags',
    delete: 'xray:DeleteGroup',
  },
};
