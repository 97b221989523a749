package lib.install;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Copies a jar for an AOT cache. The JVM leaves classes out of a cache that were compiled for Java 5 or older, since they
/// have no stack maps to verify them by; picocli's are, and are half of what a command loads. In the copy they have.
///
///     OldClasses.renew(jar, copy);
final class OldClasses {
    /// The first version whose classes are verified by their stack maps alone.
    private static final int WITH_STACK_MAPS = ClassFile.JAVA_7_VERSION;

    private OldClasses() {}

    /// Copies `jar` to `copy`, with the stack maps that its classes lack.
    static void renew(Path jar, Path copy) throws IOException {
        try (var zip = new ZipFile(jar.toFile())) {
            var old = false;
            for (var entry : zip.stream().filter(OldClasses::isClass).toList()) old |= isOld(read(zip, entry));
            if (old) rewrite(zip, jar, copy);
            else Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void rewrite(ZipFile zip, Path jar, Path copy) throws IOException {
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
                var out = new ZipOutputStream(Files.newOutputStream(copy))) {
            var classFile = ClassFile.of(
                    ClassFile.ConstantPoolSharingOption.NEW_POOL, ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader).cached()));
            for (var entry : zip.stream().toList()) {
                var bytes = read(zip, entry);
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(isClass(entry) && isOld(bytes) ? renewed(classFile, bytes) : bytes);
            }
        }
    }

    private static byte[] renewed(ClassFile classFile, byte[] bytes) {
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) builder.withVersion(WITH_STACK_MAPS, 0);
            else builder.with(element);
        };
        // Stack maps are made for code that passes through, even unchanged.
        return classFile.transformClass(classFile.parse(bytes), version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    private static boolean isClass(ZipEntry entry) {
        return entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class");
    }

    /// Bytes 6 and 7 are the major version.
    private static boolean isOld(byte[] bytes) {
        return bytes.length > 8 && ((bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF) < ClassFile.JAVA_6_VERSION;
    }

    private static byte[] read(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
