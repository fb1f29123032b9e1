/** What the dialog says where the host page says nothing else. */
import type { StepUpTexts } from "./step_up.d.ts";

export const ENGLISH: StepUpTexts = {
  lang: "en",
  confirmTitle: "Confirm it is you",
  confirmLead: "This page is being used in a way that is not usual for you. " +
    "Confirm that it is you, then carry on where you were.",
  addPasskeyTitle: "Add a passkey",
  addPasskeyLead:
    "With a passkey you confirm that it is you by fingerprint, face or screen lock. " +
    "None of these leaves your device.",
  addAppTitle: "Add an authenticator app",
  addAppLead: "Scan this with your authenticator app, then enter the code that the app shows.",
  usePasskey: "Use your passkey",
  usePasskeyInstead: "Use your passkey instead",
  useCodeInstead: "Use a code instead",
  createPasskey: "Create a passkey",
  codeLabel: "Code from your authenticator app",
  confirm: "Confirm",
  add: "Add",
  qrLabel: "QR code for your authenticator app",
  keyLabel: "Or enter this key in the app:",
  openApp: "Open an app on this device",
  tryAgain: "Try again",
  notNow: "Not now",
  close: "Close",
  working: "One moment…",
  askingDevice: "Your browser asks you now…",
  codeMalformed: "Enter the six digits that the app shows.",
  codeRefused: "That code was wrong or already used. Enter the next one that the app shows.",
  newKey: "That took too long, so this is a new key: scan it, and enter its code.",
  passkeyRefused: "That passkey was not accepted.",
  passkeyCancelled: "No passkey came. Try again when you are ready.",
  passkeyKnown: "This device has a passkey for this site already.",
  passkeyUnsupported: "This browser cannot use passkeys. Open this page in another one.",
  tooLate: "That took too long. Try again.",
  delayed: "Too many wrong answers. Wait {time}, then try again.",
  delayOver: "You can try again now.",
  noFactor: "You have not added a passkey or an authenticator app to this site yet, " +
    "so you cannot confirm it here. Ask the site for another way.",
  signInAgain: "Sign in to this site again first, then add it.",
  beginAgain: "That did not work. Close this, then begin again.",
  unreachable: "No answer came. Check your connection, then try again.",
  failed: "This does not work just now. Try again later.",
};
