package lib.usage.extract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The places in a JSON document that are looked for, as a tree: what stands elsewhere is skipped.
///
///     new JsonPaths().number("usage.iterations[].input_tokens", 3).text("model", 0)
///
/// A path names the keys from the outermost object on; `[]` stands for every element of an array.
final class JsonPaths {
    private static final int NONE = -1;

    private final Node root = new Node();

    /// One place.
    static final class Node {
        private final List<String> names = new ArrayList<>();
        private final List<Node> nodes = new ArrayList<>();
        private byte[][] bytes = {};
        /// The indices of the names of a length, by that length: few are compared.
        private int[][] byLength = {};
        /// What the elements of an array are; null where they are not looked for.
        private Node element;
        private int number = NONE;
        private int text = NONE;
        private int container = NONE;
        private boolean flag;
        private boolean said;
        private boolean document;

        /// What stands below a key; null where nothing below it is looked for.
        Node child(byte[] text, int from, int length) {
            if (length >= byLength.length) return null;
            for (var i : byLength[length])
                if (Arrays.equals(bytes[i], 0, length, text, from, from + length)) return nodes.get(i);
            return null;
        }

        Node element() {
            return element;
        }

        boolean hasChildren() {
            return !names.isEmpty();
        }

        boolean isNumber() {
            return number >= 0;
        }

        boolean isText() {
            return text >= 0;
        }

        boolean isFlag() {
            return flag;
        }

        boolean isContainer() {
            return container >= 0;
        }

        /// Whether its text is part of what the model said.
        boolean isSaid() {
            return said;
        }

        /// Whether it is a document by itself, within another.
        boolean isDocument() {
            return document;
        }

        int number() {
            return number;
        }

        int text() {
            return text;
        }

        int container() {
            return container;
        }

        private Node add(String name) {
            int at = names.indexOf(name);
            if (at >= 0) return nodes.get(at);
            names.add(name);
            nodes.add(new Node());
            bytes = names.stream()
                    .map(each -> each.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            byLength = IntStream.rangeClosed(
                            0,
                            Arrays.stream(bytes)
                                    .mapToInt(each -> each.length)
                                    .max()
                                    .orElse(0))
                    .mapToObj(length -> IntStream.range(0, bytes.length)
                            .filter(i -> bytes[i].length == length)
                            .toArray())
                    .toArray(int[][]::new);
            return nodes.getLast();
        }

        private Node addElement() {
            if (element == null) element = new Node();
            return element;
        }
    }

    Node root() {
        return root;
    }

    /// Looks for a number there.
    ///
    /// @param id what is found is called by; several places may share one
    JsonPaths number(String path, int id) {
        node(path).number = id;
        return this;
    }

    /// Looks for a text there.
    JsonPaths text(String path, int id) {
        node(path).text = id;
        return this;
    }

    /// Looks for `true` there, which comes as a text.
    JsonPaths flag(String path, int id) {
        node(path).text = id;
        node(path).flag = true;
        return this;
    }

    /// Looks for an object or an array there.
    JsonPaths container(String path, int id) {
        node(path).container = id;
        return this;
    }

    /// Takes each object there for a document by itself.
    JsonPaths document(String path) {
        node(path).document = true;
        return this;
    }

    /// Measures the text there, which is part of what the model said.
    JsonPaths said(String path) {
        node(path).said = true;
        return this;
    }

    private Node node(String path) {
        var node = root;
        for (var key : path.split("\\.")) {
            var isArray = key.endsWith("[]");
            node = node.add(isArray ? key.substring(0, key.length() - 2) : key);
            if (isArray) node = node.addElement();
        }
        return node;
    }
}
