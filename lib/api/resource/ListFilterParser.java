package lib.api.resource;

import java.util.ArrayList;
import java.util.List;
import lib.api.DidYouMean;
import lib.api.resource.ListFilter.Expression;

/// Parses the text of a [ListFilter], character by character.
final class ListFilterParser {
    private static final int LONGEST = 4096;
    private static final int DEEPEST = 50;
    private static final String[] OPERATORS = {"<=", ">=", "!=", "=", "<", ">", ":"};

    private final String text;
    private final ListFields fields;
    private int at;
    private int depth;

    ListFilterParser(String text, ListFields fields) {
        this.text = text;
        this.fields = fields;
        if (text.length() > LONGEST)
            throw new ListSyntaxError(LONGEST + 1, "it is longer than %d characters".formatted(LONGEST));
    }

    /// A word or a quoted string.
    ///
    /// @param from its position, counted from 1
    private record Word(String text, boolean quoted, int from) {}

    Expression parsed() {
        skipBlanks();
        if (at == text.length()) return new Expression.All(List.of());
        var all = expression();
        if (at < text.length()) throw wrong("\"%s\" is unexpected".formatted(text.charAt(at)));
        return all;
    }

    /// Parses `term OR term AND term …`. Two terms side by side also mean AND.
    private Expression expression() {
        var all = new ArrayList<Expression>();
        do {
            all.add(alternatives());
            takeKeyword("AND");
        } while (at < text.length() && text.charAt(at) != ')' || endsWithKeyword());
        return all.size() == 1 ? all.getFirst() : new Expression.All(all);
    }

    private Expression alternatives() {
        var any = new ArrayList<Expression>();
        do any.add(term());
        while (takeKeyword("OR"));
        return any.size() == 1 ? any.getFirst() : new Expression.Any(any);
    }

    private Expression term() {
        if (takeKeyword("NOT") || take("-")) return new Expression.Not(deeper(this::term));
        if (take("(")) {
            var inner = deeper(this::expression);
            if (!take(")")) throw wrong("a closing parenthesis is missing");
            return inner;
        }
        return restriction();
    }

    private interface Part {
        Expression read();
    }

    /// Parses a nested part. The depth is limited so that a hostile filter cannot overflow the stack.
    private Expression deeper(Part part) {
        if (++depth > DEEPEST) throw wrong("it is nested more than %d levels deep".formatted(DEEPEST));
        var read = part.read();
        depth--;
        return read;
    }

    private Expression restriction() {
        var from = at + 1;
        var path = new ArrayList<String>();
        var first = word("a field or a value");
        if (first.text.matches("AND|OR") && !first.quoted)
            throw new ListSyntaxError(from, "a condition is missing before %s".formatted(first.text));
        path.addAll(first.quoted ? List.of(first.text) : List.of(first.text.split("\\.")));
        // tags."cost center" = 4711
        while (at < text.length() && text.charAt(at - 1) == '.' && isQuote(text.charAt(at))) {
            path.add(quoted());
            if (at < text.length() && text.charAt(at) == '.') at++;
        }
        skipBlanks();
        var operator = operator();
        if (operator.isEmpty()) return new Expression.Text(first.text);
        if (path.isEmpty()) throw new ListSyntaxError(from, "a field is missing");
        var known = ListFilter.path(path);
        if (!fields.isKnown(String.join(".", known)))
            throw unknown(from, String.join(".", path), known.getFirst(), fields);
        var value = word("a value after \"%s\"".formatted(operator)).text;
        skipBlanks();
        return new Expression.Restriction(known, operator, value);
    }

    static ListSyntaxError unknown(int from, String typed, String first, ListFields fields) {
        return new ListSyntaxError(
                from,
                "lists of %2$ss have no field \"%1$s\"%3$s"
                        .formatted(
                                typed,
                                fields.noun(),
                                DidYouMean.of(first, fields.names())
                                        .filter(near -> !near.equals(first))
                                        .map("; did you mean %s?"::formatted)
                                        .orElse("")));
    }

    private String operator() {
        for (var operator : OPERATORS) if (take(operator)) return operator;
        return "";
    }

    private Word word(String what) {
        skipBlanks();
        if (at == text.length()) throw wrong("%s is missing".formatted(what));
        int from = at;
        if (isQuote(text.charAt(at))) return new Word(quoted(), true, from + 1);
        while (at < text.length()
                && !isQuote(text.charAt(at))
                && !Character.isWhitespace(text.charAt(at))
                && "()=!<>:,".indexOf(text.charAt(at)) < 0) at++;
        if (at == from) throw wrong("%s is missing before \"%s\"".formatted(what, text.charAt(at)));
        return new Word(text.substring(from, at), false, from + 1);
    }

    private String quoted() {
        int from = at;
        var quote = text.charAt(at++);
        var read = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) at++;
            read.append(text.charAt(at++));
        }
        if (at == text.length()) throw new ListSyntaxError(from + 1, "the closing quotation mark is missing");
        at++;
        return read.toString();
    }

    private boolean take(String sign) {
        if (!text.startsWith(sign, at)) return false;
        at += sign.length();
        skipBlanks();
        return true;
    }

    private boolean takeKeyword(String keyword) {
        skipBlanks();
        int end = at + keyword.length();
        if (!text.startsWith(keyword, at)
                || end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != '(')
            return false;
        at = end;
        skipBlanks();
        return true;
    }

    /// Returns whether the filter ends with AND. Another term must follow, and [#word] reports that it is
    /// missing.
    private boolean endsWithKeyword() {
        return at == text.length() && text.strip().matches("(?s).*[\\s)]AND");
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private ListSyntaxError wrong(String what) {
        return new ListSyntaxError(at + 1, what);
    }
}
