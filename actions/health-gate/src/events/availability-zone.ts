const ZONE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*-(?:az|wlz)\d+$/;

/**
 * Is it the id of a zone (`euw1-az2`, of a Local Zone `usw2-lax1-az1`, the same place in every account) rather than a
 * name?
 */
export const isZoneId = (zone: string): boolean => ZONE_ID.test(zone.toLowerCase());

/**
 * Can an event in `zone` touch one of `zones`? An event without a zone touches all of its Region. Names cannot be
 * compared with ids without asking EC2, whose answer differs by account: where the kinds differ, it may.
 */
export const mayAffectZone = (zones: readonly string[], zone: string | undefined): boolean => {
  if (zones.length === 0 || zone === undefined) return true;
  const comparable = zones.filter((own) => isZoneId(own) === isZoneId(zone));
  return comparable.length < zones.length || comparable.some((own) => own.toLowerCase() === zone.toLowerCase());
};
