package io.myelin.http;

import io.myelin.http.Template.Piece;
import io.myelin.route.TlsFact;

/**
 * What the client's TLS says; nothing if it speaks plain text.
 *
 * @param attribute of a name, such as {@code CN}; empty for all of it
 */
public record TlsPiece(TlsFact fact, String attribute) implements Piece {
    @Override
    public void write(RuleRun run, HeadWriter out) {
        ClientConnection client = run.client();
        String text = client == null ? null : client.tls(fact, attribute);
        if (text != null) {
            out.text(text);
        }
    }
}
