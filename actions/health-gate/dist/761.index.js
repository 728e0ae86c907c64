export const id = 761;
export const ids = [761];
export const modules = {

/***/ 761:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Alarms: () => (/* binding */ Alarms)
/* harmony export */ });
/* harmony import */ var _aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(629);
/* harmony import */ var _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8341);
/* harmony import */ var _aws_sdk_client_cloudwatch__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4085);
/* harmony import */ var _health_filter_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9979);




// DescribeAlarms takes at most 100 names and answers at most 100 alarms.
const MOST_NAMES = 100;
/** The alarm meant by a name or an ARN, by the name it has in its Region. */
const alarmNameIn = (text, region) => {
    const arn = (0,_aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__/* .arnIn */ .Lo)(text);
    if (arn === undefined)
        return { given: text, name: text, region, arn: undefined };
    const name = /^alarm:(.+)$/s.exec(arn.resource)?.[1];
    if (arn.service === 'cloudwatch' && name !== undefined)
        return { given: text, name, region: arn.region, arn: text };
    throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__/* .DeliveryError */ .V('invalid-input', `input 'alarms': '${text}' is not the ARN of a CloudWatch alarm`);
};
// By name alone, the alarm of another account would be taken for one of the same name in this.
const holdOf = ({ given, name, arn }, alarm) => {
    if (alarm === undefined || (arn !== undefined && alarm.AlarmArn !== arn)) {
        const message = `input 'alarms': there is no alarm '${given}' in this account and Region: check the name`;
        throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__/* .DeliveryError */ .V('not-found', message);
    }
    const { StateValue: state, StateReason: reason = '' } = alarm;
    if (state === 'OK' || state === 'INSUFFICIENT_DATA')
        return [];
    if (state !== 'ALARM')
        throw new _aws_delivery_action_kit_error__WEBPACK_IMPORTED_MODULE_1__/* .DeliveryError */ .V('unavailable', `alarm '${name}' is in a state unknown here, '${state}'`);
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return [{ kind: 'alarm', name, reason, since: since?.getTime() }];
};
/** CloudWatch alarms. This module brings a client along: import it when an alarm is asked. */
class Alarms {
    region;
    configure;
    clients = new Map();
    /** `region` is where alarms are that are given by name. */
    constructor(region, configure) {
        this.region = region;
        this.configure = configure;
    }
    /** Those in ALARM. An alarm that is not there is an error: it would never go off. */
    async ringing(given) {
        const alarms = given.map((text) => alarmNameIn(text, this.region));
        const holds = [];
        for (const region of new Set(alarms.map((alarm) => alarm.region))) {
            const here = new Map(alarms.filter((alarm) => alarm.region === region).map((alarm) => [alarm.given, alarm]));
            for (const part of (0,_health_filter_js__WEBPACK_IMPORTED_MODULE_2__/* .chunks */ .VN)([...here.values()], MOST_NAMES))
                holds.push(...(await this.ringingIn(region, part)));
        }
        return holds;
    }
    async ringingIn(region, asked) {
        const names = [...new Set(asked.map(({ name }) => name))];
        const alarms = new Map((await this.read(this.clientOf(region), names)).map((alarm) => [alarm.AlarmName, alarm]));
        return asked.flatMap((alarm) => holdOf(alarm, alarms.get(alarm.name)));
    }
    async read(client, names) {
        const found = [];
        let token;
        do {
            const answer = await client.send(new _aws_sdk_client_cloudwatch__WEBPACK_IMPORTED_MODULE_3__/* .DescribeAlarmsCommand */ .zWD({
                AlarmNames: [...names],
                AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
                MaxRecords: MOST_NAMES,
                NextToken: token,
            }));
            found.push(...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? []));
            token = answer.NextToken;
        } while (token !== undefined);
        return found;
    }
    clientOf(region) {
        const known = this.clients.get(region);
        if (known !== undefined)
            return known;
        const client = new _aws_sdk_client_cloudwatch__WEBPACK_IMPORTED_MODULE_3__/* .CloudWatchClient */ .WBn(this.configure(region));
        (0,_aws_delivery_action_kit_aws__WEBPACK_IMPORTED_MODULE_0__/* .renewExpired */ .Nb)(client);
        this.clients.set(region, client);
        return client;
    }
}


/***/ })

};
