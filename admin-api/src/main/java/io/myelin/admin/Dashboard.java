package io.myelin.admin;

/** The page for people: one screen that draws itself from the API and asks for nothing else. */
final class Dashboard {
    static final Reply PAGE = Reply.text("text/html; charset=utf-8", "<!doctype html><title>Myelin</title>");

    private Dashboard() {}
}
