"""Writes recurring-events.json: the occurrences that icalendar 7 and recurring-ical-events 3 find in each document.

pip install icalendar recurring-ical-events
python recurring-events.py > recurring-events.json
"""

import datetime
import itertools
import json
import zoneinfo

import icalendar
import recurring_ical_events

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")  # the zone of all-day events

STARTS = [
    "DTSTART;VALUE=DATE:20260115",
    "DTSTART:20260115T080000Z",
    "DTSTART;TZID=Europe/Berlin:20260115T023000",
    "DTSTART;TZID=America/New_York:20260131T013000",
    "DTSTART;TZID=Australia/Sydney:20260115T023000",
]
RULES = [
    "RRULE:FREQ=DAILY;INTERVAL=3",
    "RRULE:FREQ=WEEKLY;BYDAY=MO,SU",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1",
    "RRULE:FREQ=MONTHLY;BYDAY=-1SU",
    "RRULE:FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=1",
    "RRULE:FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "RRULE:FREQ=WEEKLY;UNTIL=20260401{time}",
    "RRULE:FREQ=MONTHLY;COUNT=5",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
]
FROM = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
UNTIL = datetime.datetime(2026, 11, 2, tzinfo=datetime.timezone.utc)


def render(start: str, rule: str) -> str:
    is_day = "VALUE=DATE" in start
    event = [start, rule.format(time="" if is_day else "T000000Z"), "DURATION:P1D" if is_day else "DURATION:PT1H"]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z"]
    return "\r\n".join([*head, *event, "END:VEVENT", "END:VCALENDAR", ""])


def to_seconds(value) -> int:
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day, tzinfo=BERLIN)
    return int(value.timestamp())


def list_starts(text: str) -> list[int]:
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(FROM, UNTIL)
    return sorted(to_seconds(event["DTSTART"].dt) for event in events)


documents = [render(start, rule) for start, rule in itertools.product(STARTS, RULES)]
limit = int(UNTIL.timestamp()) - 86_400
print(json.dumps([{"text": text, "starts": [at for at in list_starts(text) if at < limit]} for text in documents]))
