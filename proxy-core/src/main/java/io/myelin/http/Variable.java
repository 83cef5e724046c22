package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.http.Template.Piece;
import io.myelin.net.Peer;
import java.net.SocketAddress;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A piece of a value that differs from message to message. */
public enum Variable implements Piece {
    /** The client's address. */
    SOURCE {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            ClientConnection client = run.client();
            if (client != null) {
                out.bytes(client.peerAddress());
            }
        }
    },
    SOURCE_PORT {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            ClientConnection client = run.client();
            writePort(client == null ? null : client.peer(), out);
        }
    },
    /** The address that the client connected to. */
    DESTINATION {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            ClientConnection client = run.client();
            if (client != null) {
                out.text(Peer.host(client.local()));
            }
        }
    },
    DESTINATION_PORT {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            ClientConnection client = run.client();
            writePort(client == null ? null : client.local(), out);
        }
    },
    /** 1 if the client speaks TLS, 0 otherwise. */
    ENCRYPTED {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            ClientConnection client = run.client();
            out.number(client != null && client.encrypted() ? 1 : 0);
        }
    },
    METHOD {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            RequestHead request = run.request();
            out.text(request == null ? "" : request.method());
        }
    },
    /** The path of the request target, without the query. */
    PATH {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            RequestHead request = run.request();
            out.text(request == null ? "" : request.path());
        }
    },
    /** What follows the question mark. */
    QUERY {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            RequestHead request = run.request();
            out.text(request == null ? "" : request.query());
        }
    },
    /** Path and query. */
    TARGET {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            RequestHead request = run.request();
            out.text(request == null ? "" : request.target());
        }
    },
    LISTENER {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            out.text(run.listener());
        }
    },
    /** What HAProxy's tools call the pool, or the listener while the pool is not known. */
    POOL {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            out.text(run.backendName());
        }
    },
    /** The member that answers, in HAProxy's words if there is none yet. */
    MEMBER {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            Member member = run.member();
            out.text(member == null ? "<NOSRV>" : member.endpoint().id().value());
        }
    },
    /** The status of the response. */
    STATUS {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            out.number(run.responseStatus());
        }
    },
    /** What {@code X-Request-Id} says, or 32 random hexadecimal digits if the request has no such field. */
    REQUEST_ID {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            Fields fields = run.head().fields();
            int field = fields.find("X-Request-Id");
            if (field >= 0) {
                out.bytes(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
                return;
            }
            ThreadLocalRandom random = ThreadLocalRandom.current();
            writeHex(random.nextLong(), out);
            writeHex(random.nextLong(), out);
        }
    };

    private static void writePort(@Nullable SocketAddress address, HeadWriter out) {
        out.number(Peer.port(address));
    }

    private static void writeHex(long number, HeadWriter out) {
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            out.one((byte) Character.forDigit((int) (number >>> shift) & 0xf, 16));
        }
    }
}
