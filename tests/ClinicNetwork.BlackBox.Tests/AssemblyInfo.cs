// Each class has its own server processes. Three at a time: much of a test is waiting for seconds that a server keeps.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
