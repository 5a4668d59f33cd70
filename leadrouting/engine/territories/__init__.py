"""Territories: a tree whose nodes hold places, industries, sizes and accounts; the most specific node wins.

- `postal`: postal codes as keys that compare, and areas of them
- `nodes`: a node and what it holds; the order in which one node beats another
- `compile`: the tree compiled for lookup; `walk`: the same by asking every node
- `reach`: which places a node really holds, within those above it; `overlaps`: nodes that claim the same leads
"""
