/**
 * What no hand made, apart from whose hand it was: rules, each with a name, a reason in words and
 * positive nats, and a learned score beside them. They speak without a profile, and are silent rather than unsure.
 */
export {
  AUTOMATION_RULES,
  type AutomationFinding,
  type AutomationRule,
} from "./automation/finding.ts";
export { keyboardFindings } from "./automation/keyboard_rules.ts";
export { type AutomationScore } from "./automation/score.ts";
export { loadAutomationScore } from "./automation/score_manifest.ts";
export { AutomationWatch, type WatchRecord } from "./automation/watch.ts";
