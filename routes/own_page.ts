/** Subjects that are browsers watching themselves on this service's own pages. */

/** Only what was handed out here: a forged cookie must not name a subject of the tenant. */
const OWN_SUBJECT = /^browser-[0-9A-HJKMNP-TV-Z]{26}$/;

export function isOwnPageSubject(subject: string): boolean {
  return OWN_SUBJECT.test(subject);
}
