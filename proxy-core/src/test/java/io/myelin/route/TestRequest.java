package io.myelin.route;

/** A request as far as routes look at it. */
record TestRequest(CharSequence host, CharSequence path, CharSequence method) implements RequestView {
    static TestRequest toHost(String host) {
        return new TestRequest(host, "/", "GET");
    }

    static TestRequest toPath(String path) {
        return new TestRequest("localhost", path, "GET");
    }
}
