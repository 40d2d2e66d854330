/* fsync and fdatasync that wait or fail, as the file named by SLOW_FSYNC says at each call: "<milliseconds> <0|1>".
 * For LD_PRELOAD, by slow_disk.py: cc -shared -fPIC -o slow_fsync.so slow_fsync.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int told(int descriptor, const char *name)
{
	int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, name);
	const char *path = getenv("SLOW_FSYNC");
	FILE *file = path ? fopen(path, "r") : NULL;
	int milliseconds = 0, fails = 0;

	if (file) {
		if (fscanf(file, "%d %d", &milliseconds, &fails) != 2)
			milliseconds = fails = 0;
		fclose(file);
	}
	if (milliseconds > 0) {
		struct timespec wait = { milliseconds / 1000, (milliseconds % 1000) * 1000000L };

		nanosleep(&wait, NULL);
	}
	if (fails) {
		errno = EIO;
		return -1;
	}
	return real(descriptor);
}

int fsync(int descriptor)
{
	return told(descriptor, "fsync");
}

int fdatasync(int descriptor)
{
	return told(descriptor, "fdatasync");
}
