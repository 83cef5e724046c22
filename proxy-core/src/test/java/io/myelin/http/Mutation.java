package io.myelin.http;

import java.util.Random;

/** Small damage to a message, of the kinds that parsers disagree about. */
public final class Mutation {
    private static final String[] FRAGMENTS = {
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        " ",
        "\t",
        ":",
        ",",
        ";",
        "\0",
        "\u007f",
        "\u0080",
        "\u00ff",
        "\u000b",
        "\u0085",
        "\r\n ",
        "\r\n\t",
        "0\r\n\r\n",
        "5",
        "0",
        "+",
        "-",
        "x",
        "#",
        "@",
        "[",
        "]",
        "%",
        "%41",
        "?",
        "/",
        "*",
        "http://",
        "http://u@h",
        "HTTP/1.1",
        "HTTP/1.0",
        "HTTP/2.0",
        "chunked",
        "chunked, ",
        "gzip, ",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
        "Content-Length: 5\r\n",
        "content-length: 6\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 18446744073709551621\r\n",
        "Host: other\r\n",
        "Host:\r\n",
        "Host: a:b\r\n",
        "Connection: close\r\n",
        "Connection: X-Secret, Host\r\n",
        "Connection: Content-Length\r\n",
        "Connection: keep-alive, upgrade\r\n",
        "Upgrade: websocket\r\n",
        "X-Secret: s\r\n",
        "TE: trailers\r\n",
        "Keep-Alive: 5\r\n",
        "X-Forwarded-For: 1.2.3.4\r\n",
        "X-Empty:\r\n",
        "X-Obs: \u00e4\u00f6\r\n",
        "X: y\r\n z\r\n",
        "Expect: 100-continue\r\n",
        "CONNECT ",
        "OPTIONS * HTTP/1.1\r\n",
        "HEAD "
    };

    private Mutation() {}

    /** Returns {@code seed} with none to three changes. */
    public static String of(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            change(text, random);
        }
        return text.toString();
    }

    private static void change(StringBuilder text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(12));
        switch (random.nextInt(8)) {
            case 0 -> text.insert(at, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            case 1 -> text.replace(at, end, FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            case 2 -> text.delete(at, end);
            case 3 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
            case 4 -> text.insert(at, (char) random.nextInt(256));
            case 5 -> text.insert(lineStart(text, at), FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
            case 6 -> text.setLength(random.nextInt(8) == 0 ? at : text.length());
            default -> {
                if (at < text.length()) {
                    text.setCharAt(at, (char) random.nextInt(256));
                }
            }
        }
    }

    private static int lineStart(StringBuilder text, int at) {
        int lineEnd = text.indexOf("\r\n", at);
        return lineEnd < 0 ? text.length() : lineEnd + 2;
    }
}
