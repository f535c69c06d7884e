// Each class has its own server processes.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
