// A service of another language: it serves apps.execute with nothing but a
// socket and JSON. node foreign.mjs HOST PORT
import { connect } from "node:net";

const [host, port] = process.argv.slice(2);
const socket = connect(Number(port), host);
const reply = (subject, headers, body) => {
  const head = headers ? `NATS/1.0\r\n${headers}\r\n\r\n` : "";
  const total = Buffer.byteLength(head) + Buffer.byteLength(body);
  socket.write(head
    ? `HPUB ${subject} ${Buffer.byteLength(head)} ${total}\r\n${head}${body}\r\n`
    : `PUB ${subject} ${total}\r\n${body}\r\n`);
};

function serve(subject, request) {
  if (request.domain !== "pricing") {
    reply(subject, "Nats-Service-Error-Code: 404\r\nNats-Service-Error: no provider here", "");
    return;
  }
  const discount = { code: "NODE25", type: "percentage", percent: 25, provider: "node" };
  reply(subject, "", JSON.stringify({ data: [discount], warnings: [] }));
}

let buffer = Buffer.alloc(0);
socket.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (let end; (end = buffer.indexOf("\r\n")) >= 0; ) {
    const [verb, , , ...rest] = buffer.toString("utf8", 0, end).split(" ");
    if (verb === "PING") socket.write("PONG\r\n");
    if (verb === "PONG") console.log("serving");
    if (verb !== "MSG" && verb !== "HMSG") { buffer = buffer.subarray(end + 2); continue; }
    // MSG subject sid reply size; HMSG subject sid reply header-size size
    const size = Number(rest.at(-1));
    const skip = verb === "HMSG" ? Number(rest.at(-2)) : 0;
    if (buffer.length < end + 2 + size + 2) return;
    const body = buffer.toString("utf8", end + 2 + skip, end + 2 + size);
    buffer = buffer.subarray(end + 2 + size + 2);
    serve(rest[0], JSON.parse(body));
  }
});
socket.write('CONNECT {"verbose":false,"headers":true,"lang":"node"}\r\nSUB platform.apps.execute apps 1\r\nPING\r\n');
