/** The far end of a socket, whatever carries it. */
// @ts-types="@types/ws"
import type { WebSocket } from "ws";
import type { ServerMessage } from "../../core/wire.ts";

export interface Peer {
  send(message: ServerMessage): void;
  /** Says goodbye; what was sent before is still delivered. */
  close(code: number, reason: string): void;
  /** Cuts the connection without a word. */
  terminate(): void;
  /** Stops and resumes reading, so that the sender is slowed by TCP itself. */
  pause(): void;
  resume(): void;
  /** Bytes the peer has not taken yet. */
  readonly unreadBytes: number;
}

/** A peer behind the `ws` library, which caps messages and can sever a silent peer. */
export function webSocketPeer(socket: WebSocket): Peer {
  return {
    send: (message) => socket.send(JSON.stringify(message), () => {}),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    get unreadBytes() {
      return socket.bufferedAmount;
    },
  };
}
