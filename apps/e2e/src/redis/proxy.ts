import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A stretch of network between clients and a server, that can be cut. */
export interface Stretch {
  readonly url: string;
  /** From now on nothing comes through, and nobody is told: no connection is closed. */
  cut(): void;
  /** What was under way arrives. */
  mend(): void;
  close(): Promise<void>;
}

/** Opens a stretch that leads to a port on loopback. */
export async function stretchTo(port: number): Promise<Stretch> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const add = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    if (isCut) socket.pause();
    socket.on("data", (data) => other.write(data));
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    add(near, far);
    add(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port on loopback");
  return {
    url: `redis://127.0.0.1:${address.port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    mend() {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
